"""The parameters that the equations read: one field for each, by the path it has in YAML.

A field `frontier_cn_catch_up` is the quantity `frontier.cn.catch_up`. Segment and offering fields
hold one number for each segment or offering. With draws, every array gains a last axis: the lane.
A quantity in a scenario that no field names is refused: no equation would read it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class Params[A](NamedTuple):
    """World-level parameters: arrays over lanes [lane], or plain floats for one run."""

    frontier_us_start: A
    frontier_cn_start: A
    frontier_other_start: A
    frontier_us_pace: A
    frontier_cn_pace: A
    frontier_other_pace: A
    frontier_us_catch_up: A
    frontier_cn_catch_up: A
    frontier_other_catch_up: A
    frontier_elasticity: A
    frontier_us_compute: A
    frontier_other_compute: A
    frontier_cn_chip_demand: A
    frontier_cn_domestic_chips: A
    frontier_cn_induced_efficiency: A
    frontier_openness_spillover: A
    frontier_openness_deterrence: A
    frontier_shock_sd: A
    release_interval_us_closed: A
    release_interval_us_open: A
    release_interval_cn_closed: A
    release_interval_cn_open: A
    release_interval_other_open: A
    release_gap_us_open: A
    release_gap_cn_closed: A
    release_gap_cn_open: A
    release_gap_other_open: A
    release_gap_domestic: A
    release_size_sd: A
    release_buzz_mean: A
    attention_half_life: A
    tasks_routine_anchor: A
    tasks_professional_anchor: A
    cost_decline: A
    cost_us_closed_markup: A
    cost_us_closed_pass_through: A
    cost_us_closed_substitutes: A
    cost_cn_open_local_accelerator_usd_hour: A
    cost_local_accelerator_decline: A
    cost_local_energy_usd_hour: A
    cost_local_tokens_mtok_hour: A
    cost_local_throughput_growth: A
    cost_local_utilisation: A
    cost_local_staff_income_share: A
    cost_local_volume_mtok_month: A
    cost_local_control_premium: A
    cost_scarcity_steepness: A
    cost_accelerator_usd: A
    cost_accelerator_retirement: A
    cost_accelerator_gdp_share: A
    cost_aid_accelerators_month: A
    cost_aid_discount: A
    cost_low_power_saving: A
    access_skill_exponent: A
    access_hosting_floor: A
    network_tie_offset: A
    network_tie_scale: A
    choice_similarity: A
    choice_economy_sd: A
    choice_home_bonus: A
    choice_entry: A
    sovereignty_cutoff_us: A
    sovereignty_cutoff_cn: A
    sovereignty_cutoff_other: A
    sovereignty_rivalry_gain: A
    sovereignty_refused_gain: A
    affinity_alliance_weight: A
    affinity_defence_gain: A
    affinity_forum_gain: A
    affinity_development_gain: A
    affinity_drift_speed: A
    standards_gain: A
    adoption_internet_closing: A
    adoption_ceiling_exponent: A
    adoption_reach_floor: A
    adoption_saturation_months: A
    adoption_economy_sd: A
    adoption_income_weight: A
    adoption_language_weight: A
    adoption_openness_weight: A
    feedback_revenue_gain: A
    feedback_data_gain: A
    feedback_community_gain: A
    feedback_openness_gain: A
    feedback_trade_gain: A
    observe_aggregator_selection: A
    observe_visits_per_user: A


class SegmentParams(NamedTuple):
    """Parameters of segments, each [segment, lane]: `segments.<name>.<field>` in YAML."""

    potential: Floats
    price_sensitivity: Floats
    budget_share: Floats
    seat_weight: Floats
    tokens_mtok_month: Floats
    tokens_growth: Floats
    paying: Floats
    lag_weight: Floats
    routine: Floats
    professional: Floats
    frontier: Floats
    novelty: Floats
    awareness_start: Floats
    awareness_per_buzz: Floats
    word_of_mouth: Floats
    leakage: Floats
    sovereignty_weight: Floats
    affinity_weight: Floats
    alliance_focus: Floats
    security_weight: Floats
    custom_weight: Floats
    stack_weight: Floats
    hosting_weight: Floats
    tie_us: Floats
    tie_cn: Floats
    tie_other: Floats
    imitation: Floats
    lock_in: Floats
    memory: Floats
    churn: Floats
    kappa: Floats
    kappa_growth: Floats
    speed: Floats
    burden_sensitivity: Floats
    reach_weight: Floats
    value_weight: Floats
    industrial: Floats


class OfferingParams(NamedTuple):
    """Attributes of offerings, each [offering, lane]: `offerings.<name>.<field>` in YAML."""

    seat_usd_month: Floats
    api_weight: Floats
    local_weight: Floats
    control: Floats
    customisation: Floats
    revocability: Floats
    risk: Floats
    scale_weight: Floats
    misfit_weight: Floats


class WorldParams(NamedTuple):
    """Fixed numbers that shape the static arrays; they carry no draw."""

    world_income_cap: float
    world_income_cap_ppp: float
    world_income_reference: float
    world_openness_reference: float
    world_home_share: float
    world_hub_misfit: float
    world_preference_data_rules: float
    world_preference_size: float
    world_preference_autonomy: float
    world_reference_month: float
    world_dated_months: float
    world_inference_share: float
    world_partner_coverage: float
    country_leakage_factor: float
    country_sovereignty_preference: float
    observe_coverage_china: float
    observe_aggregator_china: float
    observe_deepseek_share: float
    observe_deepseek_share_home: float


class WorldLevers(NamedTuple):
    """World-wide levers, each [period]: the lever path with dots as underscores."""

    us_chip_controls_tightness: Floats
    us_chip_controls_leakage: Floats
    us_chip_controls_tier2_cap: Floats
    us_compute_boost: Floats
    us_reporting_drag: Floats
    us_openness: Floats
    us_monetisation: Floats
    us_price_cut: Floats
    us_allies_package: Floats
    us_partnership_scale: Floats
    cn_compute_boost: Floats
    cn_rnd_support: Floats
    cn_economy_drag: Floats
    cn_domestic_efficiency: Floats
    cn_openness: Floats
    cn_release_delay: Floats
    cn_aid: Floats
    cn_low_power_chips: Floats
    buzz_us: Floats
    buzz_cn: Floats
    forum_engagement: Floats
    rivalry: Floats
    us_cutoffs: Floats
    cn_cutoffs: Floats
    standards_reach: Floats
    defence_salience: Floats
    price_us_closed: Floats
    price_us_open: Floats
    price_cn_open: Floats
    price_other_open: Floats


class EconomyLevers(NamedTuple):
    """Levers set economy by economy, each [period, economy].

    Besides these there is `access.<vendor>` for every vendor that an offering names, and
    `ban.<bloc>.<segment>`; they follow from the scenario and are held by name.
    """

    partnership_signed: Floats
    gulf_buildout: Floats
    cloud_us: Floats
    cloud_cn: Floats
